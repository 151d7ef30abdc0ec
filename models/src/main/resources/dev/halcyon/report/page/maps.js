/** Draws maps of numbers as pictures. */
import { element } from './dom.js';

/** Signed bytes from Base64, as shares of the largest, in [-1, 1]. */
export function values(text) {
  return Float32Array.from(atob(text), letter => ((letter.charCodeAt(0) << 24) >> 24) / 127);
}

/** A number in [-1, 1] as red, green, blue: warm above 0, cool below, the paler the nearer to 0. */
export function colour(value) {
  const rest = Math.round(255 * (1 - Math.abs(value)));
  return value >= 0 ? [255, Math.round(128 + rest / 2), rest] : [rest, Math.round(128 + rest / 2), 255];
}

/** Loudness in [0, 1] as a grey. */
const grey = value => {
  const light = Math.round(255 * Math.max(0, value));
  return [light, light, light];
};

function painted(rows, columns, pixel, label) {
  const canvas = element('canvas', { width: columns, height: rows, role: 'img', 'aria-label': label });
  const context = canvas.getContext('2d');
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    image.data.set([...pixel(i), 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** An activation map in greys. */
export function activationMap(map, label) {
  const shares = values(map.values);
  return painted(map.rows, map.columns, i => grey(shares[i]), label);
}

/** A map of signed numbers in warm and cool colours. */
export function signedMap(map, label) {
  const shares = values(map.values);
  return painted(map.rows, map.columns, i => colour(shares[i]), label);
}

/** A filter of one colour or three: grey is 0. */
export function filterPicture(filter, label) {
  const shares = values(filter.values);
  const columns = filter.columns / filter.colours;
  const level = (i, c) => Math.round(127.5 + 127.5 * shares[i * filter.colours + (filter.colours === 1 ? 0 : c)]);
  return painted(filter.rows, columns, i => [level(i, 0), level(i, 1), level(i, 2)], label);
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
  const shares = values(map.values);
  const cellWidth = canvas.width / map.columns;
  const cellHeight = canvas.height / map.rows;
  shares.forEach((share, i) => {
    context.fillStyle = `rgb(${colour(Math.sign(share)).join(' ')} / ${strength * Math.abs(share)})`;
    context.fillRect(i % map.columns * cellWidth, Math.floor(i / map.columns) * cellHeight, cellWidth, cellHeight);
  });
}
