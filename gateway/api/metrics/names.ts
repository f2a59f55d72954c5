/** `shedQos0` → `shed_qos0`: metric names are in lower case. */
export const snake = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();

/** `shedQos0` → `shed qos0`. */
export const words = (name: string): string => snake(name).replaceAll('_', ' ');
