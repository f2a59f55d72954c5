/** Evaluated in the page: text whose contrast falls short of WCAG 2.2 AA (1.4.3), 3 for large text, else 4.5. */
(() => {
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], [r2, g2, b2]) => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
  // Relative luminance, as WCAG 2.2 defines it.
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    if (element === null) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const opacity = (element) =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacity(element.parentElement);
  const isShown = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '') &&
    element.closest('.announcer, .for-readers, .skip, option, button:disabled') === null &&
    element.checkVisibility();
  return [...document.querySelectorAll('body *')].filter(isShown).flatMap((element) => {
    const style = getComputedStyle(element);
    const ground = behind(element);
    const [r, g, b, a] = parse(style.color);
    const written = over([r, g, b, a * opacity(element)], ground);
    const [dark, light] = [luminance(written), luminance(ground)].sort((one, other) => one - other);
    const ratio = (light + 0.05) / (dark + 0.05);
    const px = Number.parseFloat(style.fontSize);
    const isLarge = px >= 24 || (px >= 18.66 && Number(style.fontWeight) >= 700);
    return ratio < (isLarge ? 3 : 4.5) ? [`${element.className}: ${element.textContent} (${ratio.toFixed(2)})`] : [];
  });
})();
