import { z } from 'zod';
import { lorawanEmit } from './lorawan.ts';
import { modbusEmit } from './modbus.ts';
import { mqttEmit } from './mqtt.ts';
import { portEvent } from './ports.ts';
import { serialEmit } from './serial.ts';

/** How an actor sends, and over what. A new one: its options here, what it shares below, its maker in `index.ts`. */
export const emitOptions = z.discriminatedUnion('transport', [mqttEmit, serialEmit, modbusEmit, lorawanEmit]);

export type EmitOptions = z.output<typeof emitOptions>;

/** What an actor shares with others by name, and the events that may befall it; undefined: nothing. */
export const mediumOf = (emit: EmitOptions): { readonly name: string; readonly event: z.ZodType } | undefined => {
  switch (emit.transport) {
    case 'mqtt':
    case 'lorawan':
      return undefined;
    case 'serial':
    case 'modbus-rtu':
      return { name: emit.port, event: portEvent };
  }
};
