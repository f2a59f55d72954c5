import type { Random } from '../random.ts';
import type { Controller, Peripheral } from './controller.ts';
import type { Peer } from './events.ts';

/** Metres on the venue's plan. */
export type Place = readonly [x: number, y: number];

/** Somebody who advertises. */
export interface Advertiser extends Peer {
  readonly txPowerDbm: number;
  readonly isConnectable: boolean;
  place(): Place;
  /** Who takes a connection; undefined: nobody, it is off. */
  answers(): Peripheral | undefined;
}

/** How a receiver hears. */
export interface Antenna {
  readonly place: Place;
  readonly lossFraction: number;
  /** Adverts that it reports twice. */
  readonly duplicateFraction: number;
  readonly random: Random;
}

export interface AirOptions {
  /** Of the log-distance model: 2 in the open, 3 or more indoors and in crowds. */
  readonly pathLossExponent: number;
  /** Standard deviation of what bodies and walls add and take, dB. */
  readonly shadowingDb: number;
}

/** Where badges meet receivers: everybody hears everybody else in a way of his own. */
export interface Air {
  add(controller: Controller, antenna: Antenna): void;
  remove(controller: Controller): void;
  join(advertiser: Advertiser): void;
  leave(advertiser: Advertiser): void;
  radiate(advertiser: Advertiser, data: Uint8Array): void;
  reach(peer: Peer): Peripheral | undefined;
}

/** Path loss of the first metre at 2.4 GHz in free space, dB: 20 log10(4 pi / 0.125 m). */
const FIRST_METRE_DB = 40;
const SENSITIVITY_DBM = -96;
const STRONGEST_DBM = -10;

/** Log-distance path loss: the received power of a sender so far away, before shadowing. */
export const receivedDbm = (txPowerDbm: number, from: Place, to: Place, exponent: number): number => {
  const metres = Math.max(0.3, Math.hypot(from[0] - to[0], from[1] - to[1]));
  return txPowerDbm - FIRST_METRE_DB - 10 * exponent * Math.log10(metres);
};

export const createAir = ({ pathLossExponent, shadowingDb }: AirOptions): Air => {
  const receivers = new Map<Controller, Antenna>();
  const advertisers = new Set<Advertiser>();

  const reachesBy = ({ txPowerDbm, place }: Advertiser, { place: to, random }: Antenna): number =>
    Math.round(receivedDbm(txPowerDbm, place(), to, pathLossExponent) + random.gaussian(shadowingDb));

  const radiate = (advertiser: Advertiser, data: Uint8Array): void => {
    const { address, addressType, isConnectable } = advertiser;
    for (const [controller, antenna] of receivers) {
      const { random, lossFraction, duplicateFraction } = antenna;
      // Always as many draws, so that what one receiver hears depends on nothing but its own seed.
      const rssiDbm = Math.min(STRONGEST_DBM, reachesBy(advertiser, antenna));
      const isLost = random.chance(lossFraction);
      const isTwice = random.chance(duplicateFraction);
      if (isLost || rssiDbm < SENSITIVITY_DBM) continue;
      const heard = { address, addressType, isConnectable, data, rssiDbm };
      controller.hear(heard);
      if (isTwice) controller.hear(heard);
    }
  };

  return {
    add: (controller, antenna) => void receivers.set(controller, antenna),
    remove: (controller) => void receivers.delete(controller),
    join: (advertiser) => void advertisers.add(advertiser),
    leave: (advertiser) => void advertisers.delete(advertiser),
    radiate,
    reach: ({ address, addressType }) => {
      for (const one of advertisers) {
        if (one.address === address && one.addressType === addressType && one.isConnectable) return one.answers();
      }
      return undefined;
    },
  };
};
