/** The gateway cannot start; for whoever runs it to put right. Exit code 3. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const said: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use by another program',
  EACCES: 'no permission',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOENT: 'the file does not exist',
};

/** A failure of the system as a sentence; anything else is a fault of ours and stays what it is. */
export const asStartError = (error: unknown): unknown => {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const sentence = said[error.code];
  return sentence === undefined
    ? error
    : new StartError(`cannot start: ${sentence} (${error.message})`, { cause: error });
};
