/** The first layer's weights as small pictures. */
import { byId, element, setText } from './dom.js';
import { filterPixels, signedBytes } from './maps.js';

/** Shows {name, count, outputs, height, width, channels, values}. */
export function showFilters(filters) {
  const { name, count, outputs, height, width, channels } = filters;
  byId('filters-section').hidden = false;
  setText(byId('filters-facts'), `${name}: ${count} of ${outputs} filters of ${height}×${width}×${channels},`
      + ' each from its most negative weight (dark) to its most positive (bright)');
  const box = byId('filters');
  if (box.children.length !== count) {
    box.replaceChildren(...Array.from({ length: count }, () => element('canvas', { width, height })));
  }
  const values = signedBytes(filters.values);
  [...box.children].forEach((canvas, i) => canvas.getContext('2d').putImageData(
      new ImageData(filterPixels(values, i * height * width * channels, height * width, channels), width, height), 0, 0));
}
