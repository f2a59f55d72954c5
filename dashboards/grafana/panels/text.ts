/** In both languages of the product: Grafana shows one text to everybody. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

export const titled = ({ zh, en }: Text): string => `${zh} · ${en}`;

export const described = ({ zh, en }: Text): string => `${zh}\n\n${en}`;
