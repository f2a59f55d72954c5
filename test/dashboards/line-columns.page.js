/** Evaluated in the page: for each pixel column of the chart, whether the line is drawn in it. */
(() => {
  const canvas = document.querySelector('.chart canvas');
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--line').trim();
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const isLine = (at) =>
    wanted.every((part, channel) => Math.abs(data[at + channel] - part) < 12) && data[at + 3] > 200;
  return Array.from({ length: canvas.width }, (_, x) => {
    for (let y = 0; y < canvas.height; y += 1) if (isLine((y * canvas.width + x) * 4)) return true;
    return false;
  });
})();
