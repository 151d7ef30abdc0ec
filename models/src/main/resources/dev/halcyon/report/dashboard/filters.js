/** The first layer's weights as small pictures. */
import { byId, element, setText } from './dom.js';

/** Signed bytes from Base64. */
export function signedBytes(base64) {
  return Int8Array.from(atob(base64), character => character.charCodeAt(0));
}

/** One filter's pixels as RGBA: 0 is grey, positive weights are brighter, negative darker. */
export function pixels(values, first, count, channels) {
  const rgba = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      rgba[4 * i + c] = 128 + values[first + i * channels + (channels === 1 ? 0 : c)];
    }
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

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
      new ImageData(pixels(values, i * height * width * channels, height * width, channels), width, height), 0, 0));
}
