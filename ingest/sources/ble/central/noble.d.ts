/**
 * What is used of @stoprocent/noble 2, which is optional: where it could not be installed the rest is built and runs, and
 * no badge is buzzed over Bluetooth.
 */
export type PeripheralAddressType = 'public' | 'random';

export interface Characteristic {
  readonly properties: readonly string[];
  writeAsync(value: Buffer, withoutResponse: boolean): Promise<void>;
}

export interface Service {
  discoverCharacteristicsAsync(uuids: string[]): Promise<Characteristic[]>;
}

export interface Peripheral {
  once(event: 'disconnect', listener: (reason: unknown) => void): void;
  discoverServicesAsync(uuids: string[]): Promise<Service[]>;
  disconnectAsync(): Promise<void>;
}

export interface Noble {
  readonly state: string;
  waitForPoweredOnAsync(timeoutMs: number): Promise<void>;
  startScanningAsync(serviceUuids: string[], allowDuplicates: boolean): Promise<void>;
  connectAsync(id: string, options: { addressType: PeripheralAddressType }): Promise<Peripheral>;
  cancelConnect(id: string): void;
  stop(): void;
  on(event: 'stateChange', listener: (state: string) => void): void;
  on(event: 'discover', listener: () => void): void;
}

interface UartParameters {
  readonly hciDriver: 'uart';
  readonly bindParams: { readonly uart: { readonly port: string; readonly baudRate: number } };
}

interface NativeParameters {
  readonly hciDriver: 'native';
  readonly deviceId: number;
  readonly userChannel: boolean;
}

export function withBindings(kind: 'hci', parameters: UartParameters | NativeParameters): Noble;
