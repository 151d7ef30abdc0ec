/** Draws maps of numbers as pictures. */
import { element } from './dom.js';

/** Signed bytes from Base64. */
export function signedBytes(base64) {
  return Int8Array.from(atob(base64), character => character.charCodeAt(0));
}

/** The numbers of a map as shares of the largest, in [-1, 1]. */
export function shares(map) {
  return Float32Array.from(signedBytes(map.values), byte => byte / 127);
}

/** The colour of a number as red, green, blue: warm from 0 on, cool below. */
export const colour = value => (value >= 0 ? [255, 110, 0] : [0, 128, 255]);

/** A number in [-1, 1] in its colour, the more see-through the nearer to 0. */
const tinted = value => [...colour(value), Math.round(255 * Math.abs(value))];

/** Loudness in [0, 1] as a grey. */
function grey(value) {
  const light = Math.round(255 * Math.max(0, value));
  return [light, light, light, 255];
}

/** One filter's pixels as RGBA: 0 is grey, positive weights are brighter, negative darker. */
export function filterPixels(bytes, first, count, colours) {
  const rgba = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      rgba[4 * i + c] = 128 + bytes[first + i * colours + (colours === 1 ? 0 : c)];
    }
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

/** A canvas for each filter of {count, height, width, channels, values}. */
export function filterCanvases({ count, height, width, channels, values }) {
  const bytes = signedBytes(values);
  return Array.from({ length: count }, (_, i) => {
    const canvas = element('canvas', { width, height });
    canvas.getContext('2d').putImageData(new ImageData(
        filterPixels(bytes, i * height * width * channels, height * width, channels), width, height), 0, 0);
    return canvas;
  });
}

function painted(rows, columns, rgba, label) {
  const canvas = element('canvas', { width: columns, height: rows, role: 'img', 'aria-label': label });
  canvas.getContext('2d').putImageData(new ImageData(rgba, columns, rows), 0, 0);
  return canvas;
}

function coloured(map, pixelOf, label) {
  const rgba = new Uint8ClampedArray(4 * map.rows * map.columns);
  shares(map).forEach((share, i) => rgba.set(pixelOf(share), 4 * i));
  return painted(map.rows, map.columns, rgba, label);
}

/** An activation map in greys. */
export const activationMap = (map, label) => coloured(map, grey, label);

/** A map of signed numbers in warm and cool colours; the nearer to 0, the more of the page shows through, by day and by night. */
export const signedMap = (map, label) => coloured(map, tinted, label);

/** A filter of one colour or three: grey is 0. */
export function filterPicture(filter, label) {
  const columns = filter.columns / filter.colours;
  return painted(filter.rows, columns, filterPixels(signedBytes(filter.values), 0, filter.rows * columns, filter.colours), label);
}

/** A part of a picture: [top, left, bottom, right], the last two not in it. */
export function patch(picture, [top, left, bottom, right], label) {
  const canvas = element('canvas', { width: right - left, height: bottom - top, role: 'img', 'aria-label': label });
  canvas.getContext('2d').drawImage(picture, left, top, right - left, bottom - top, 0, 0, right - left, bottom - top);
  return canvas;
}

/** A map laid over a picture. */
export function overlay(picture, height, width, map, strength, canvas) {
  canvas.width = Math.max(width, 8 * map.columns);
  canvas.height = Math.max(height, 8 * map.rows);
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const cellWidth = canvas.width / map.columns;
  const cellHeight = canvas.height / map.rows;
  shares(map).forEach((share, i) => {
    context.fillStyle = `rgb(${colour(share).join(' ')} / ${strength * Math.abs(share)})`;
    context.fillRect(i % map.columns * cellWidth, Math.floor(i / map.columns) * cellHeight, cellWidth, cellHeight);
  });
}
