import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A cable between page and gateway that a test can cut. */
export interface Cable {
  readonly port: number;
  /** Ends every connection and takes no new ones. */
  cut(): void;
  /** Keeps connections and lets nothing through any more, as a dead access point does. */
  deafen(): void;
  mend(): void;
  stop(): Promise<void>;
}

export const cableTo = async (gatewayPort: number): Promise<Cable> => {
  let state: 'whole' | 'cut' | 'deaf' = 'whole';
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(gatewayPort, '127.0.0.1');
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one);
      one.on('data', (bytes) => {
        if (state === 'whole') other.write(bytes);
      });
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('error', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut: () => {
      state = 'cut';
      endAll();
    },
    deafen: () => {
      state = 'deaf';
    },
    mend: () => {
      state = 'whole';
    },
    stop: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
};
