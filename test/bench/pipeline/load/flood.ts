import type { PacketStream } from './stream.ts';

/** Every connection writes as fast as it is accepted, for a time. Answers the bytes written. */
export const floodFor = async (
  streams: readonly PacketStream[],
  seconds: number,
): Promise<{ readonly bytes: number }> => {
  let flooding = true;
  let written = 0;
  const pour = ({ socket, bytes }: PacketStream): void => {
    while (flooding && !socket.destroyed) {
      written += bytes.length;
      if (!socket.write(bytes)) return;
    }
  };
  const pourers = streams.map((stream) => {
    const again = (): void => pour(stream);
    stream.socket.on('drain', again);
    again();
    return () => stream.socket.off('drain', again);
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  flooding = false;
  for (const stop of pourers) stop();
  return { bytes: written };
};
