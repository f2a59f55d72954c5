import { Aedes } from 'aedes';
import { createHost, type Host } from './hosts.ts';

/** A broker that the venue had before the gateway came: devices publish to it, and the gateway reads there. */
export interface SiteBroker {
  readonly url: string;
  readonly host: Host;
  /** Resolves when somebody has subscribed. */
  readonly read: Promise<void>;
}

export const createSiteBroker = (port: number, onProblem: (message: string) => void): SiteBroker => {
  const made = Aedes.createBroker();
  const read = made.then((broker) => new Promise<void>((resolve) => broker.once('subscribe', () => resolve())));
  const onConnection = async (socket: Parameters<Aedes['handle']>[0]): Promise<void> =>
    void (await made).handle(socket);
  const host = createHost({ port, onProblem, onConnection: (socket) => void onConnection(socket) });
  const stop = async (): Promise<void> => {
    await host.stop();
    const broker = await made;
    await new Promise<void>((resolve) => broker.close(resolve));
  };
  return { url: `mqtt://127.0.0.1:${port}`, host: { ...host, stop }, read };
};
