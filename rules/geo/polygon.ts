import type { Metres } from './plane.ts';

const toEdge = ([px, py]: Metres, [ax, ay]: Metres, [bx, by]: Metres): number => {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
};

const crosses = ([px, py]: Metres, [ax, ay]: Metres, [bx, by]: Metres): boolean =>
  ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax;

/** How far a place is inside a polygon (even-odd rule), metres from its outline; negative outside. */
export const depthIn = (outline: readonly Metres[], place: Metres): number => {
  let nearest = Infinity;
  let inside = false;
  let from = outline.at(-1);
  for (const to of outline) {
    if (from !== undefined) {
      nearest = Math.min(nearest, toEdge(place, from, to));
      if (crosses(place, from, to)) inside = !inside;
    }
    from = to;
  }
  return inside ? nearest : -nearest;
};
