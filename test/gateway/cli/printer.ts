/** Keeps what a command prints. */
export const printer = () => {
  const printed = { out: '', err: '' };
  return {
    out: (piece: string): void => {
      printed.out += piece;
    },
    err: (piece: string): void => {
      printed.err += piece;
    },
    texts: () => ({ ...printed }),
  };
};
