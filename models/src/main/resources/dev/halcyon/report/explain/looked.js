/** Where the network looked: maps over the picture, with a slider for their strength. */
import { byId, element } from './dom.js';
import { number } from './format.js';
import { overlay } from './maps.js';

function figure(caption) {
  const canvas = element('canvas', { role: 'img', 'aria-label': caption });
  return { canvas, element: element('figure', {}, canvas, element('figcaption', {}, caption)) };
}

export function showLooked(ways, picture, height, width) {
  const drawn = [];
  byId('looked').replaceChildren(...ways.map(way => {
    const learned = figure(`${way.name}, this network`);
    const random = figure(`${way.name}, random weights`);
    drawn.push([learned.canvas, way.learned], [random.canvas, way.random]);
    const facts = [`Likeness of the two (rank correlation): ${number(way.likeness)}.`];
    if (way.gap !== undefined) {
      facts.push(`The map adds up to ${number(way.learned.sum)} of the output's gain of ${number(way.gain)} over the mean`
          + ` picture; gap ${number(way.gap)}.`);
    }
    return element('div', {}, element('h3', {}, way.name),
        element('div', { class: 'pair' }, learned.element, random.element), element('p', { class: 'quiet' }, facts.join(' ')));
  }));
  const draw = () => drawn.forEach(([canvas, map]) =>
    overlay(picture, height, width, map, Number(byId('strength').value), canvas));
  byId('strength').addEventListener('input', draw);
  draw();
}
