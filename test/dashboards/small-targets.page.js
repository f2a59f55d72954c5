/** Evaluated in the page: what can be touched and is smaller than 44 by 44 CSS pixels (WCAG 2.5.5). */
(() =>
  [...document.querySelectorAll('button, a, input, select, summary')]
    .filter((element) => element.checkVisibility() && element.closest('.skip') === null)
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width < 44 || height < 44;
    })
    .map((element) => `${element.className} ${element.textContent}`))();
