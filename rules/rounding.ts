/** A measured value as people read it: three figures or so, never more than three decimals. */
export const forPeople = (value: number): number => {
  const decimals = Math.min(3, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
  const scale = 10 ** decimals;
  // `+ 0` makes -0 plain zero, which JSON and people do not tell apart.
  return Math.round(value * scale) / scale + 0;
};

/** A duration as a guard says it. */
export const durationText = (seconds: number): { readonly zh: string; readonly en: string } => {
  if (seconds < 120) return { zh: `${Math.round(seconds)} 秒`, en: `${Math.round(seconds)} s` };
  if (seconds < 7200) return { zh: `${Math.round(seconds / 60)} 分钟`, en: `${Math.round(seconds / 60)} min` };
  const hours = Math.round(seconds / 360) / 10;
  return { zh: `${hours} 小时`, en: `${hours} h` };
};
