import net from 'node:net';
import { CONNACK, connectPacket } from './packets.ts';

/** One more connection to a broker on this machine, past its CONNACK. Errors after that are for the caller to see. */
export const openClient = (port: number, clientId: string, localAddress = '127.0.0.1'): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    socket.once('error', reject);
    socket.once('data', (bytes: Buffer) => {
      socket.off('error', reject);
      if (bytes[0] === CONNACK && bytes[3] === 0) resolve(socket);
      else reject(new Error(`${clientId} was refused`));
    });
    socket.write(connectPacket(clientId));
  });
