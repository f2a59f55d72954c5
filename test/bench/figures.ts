/** One measured value and, from the same run, what it is measured against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly yardstick: string;
  /** Null where the yardstick cannot do it at all. */
  readonly yardstickValue: number | null;
  /** value / yardstickValue. */
  readonly ratio: number | null;
}

/** Four significant digits are more than any of this is good for. */
const rounded = (value: number): number => Number(value.toPrecision(4));

export const figure = (
  name: string,
  value: number,
  unit: string,
  yardstick: string,
  yardstickValue: number | undefined,
): Figure => ({
  name,
  value: rounded(value),
  unit,
  yardstick,
  yardstickValue: yardstickValue === undefined ? null : rounded(yardstickValue),
  ratio: yardstickValue === undefined || yardstickValue === 0 ? null : rounded(value / yardstickValue),
});

const shown = (value: number | null): string =>
  value === null ? '-' : value.toLocaleString('en', { maximumSignificantDigits: 4 });

/** The figures as a table of aligned columns. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = [
    ['figure', 'value', 'unit', 'beside', 'its value', 'ratio'],
    ...figures.map(({ name, value, unit, yardstick, yardstickValue, ratio }) => [
      name,
      shown(value),
      unit,
      yardstick,
      shown(yardstickValue),
      shown(ratio),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const isNumber = (column: number): boolean => column === 1 || column === 4 || column === 5;
  const cell = (text: string, column: number): string =>
    isNumber(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map((row) => `${row.map(cell).join('  ').trimEnd()}\n`).join('');
};
