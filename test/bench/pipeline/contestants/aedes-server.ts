import net from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';

/** aedes behind a socket of the loopback address, as its manual has it. Answers its port. */
export const startAedes = async (options: AedesOptions): Promise<number> => {
  const aedes = new Aedes(options);
  await aedes.listen();
  const server = net.createServer({ noDelay: true }, (socket) => aedes.handle(socket));
  await new Promise<void>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1_024 }, () => resolve());
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
};
