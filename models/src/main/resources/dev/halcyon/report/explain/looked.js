/** Where the network looked: maps over the picture, with a slider for their strength. */
import { byId, element } from './dom.js';
import { number } from './format.js';
import { overlay } from './maps.js';

function figure(caption, way) {
  const canvas = element('canvas', { role: 'img', 'aria-label': `${way}, ${caption}` });
  return { canvas, element: element('figure', {}, canvas, element('figcaption', {}, caption)) };
}

/** Fills the section with each way to ask, for this network and for one with random weights. */
export function showLooked(ways, picture, height, width) {
  const drawn = [];
  byId('looked').replaceChildren(...ways.map(way => {
    const learned = figure('this network', way.name);
    const random = figure('random weights', way.name);
    drawn.push([learned.canvas, way.learned], [random.canvas, way.random]);
    const facts = [`Likeness of the two (rank correlation): ${way.likeness.toFixed(2).replace('-', '−')}, where 1 is the same.`];
    if (way.gap !== undefined) {
      facts.push(`The map adds up to ${number(way.learned.sum)}; the output's gain over the mean picture is`
          + ` ${number(way.gain)}, so the gap is ${number(way.gap)}.`);
    }
    return element('div', {}, element('h3', {}, way.name),
        element('div', { class: 'pair' }, learned.element, random.element), element('p', { class: 'quiet' }, facts.join(' ')));
  }));
  const draw = () => drawn.forEach(([canvas, map]) =>
    overlay(picture, height, width, map, Number(byId('strength').value), canvas));
  byId('strength').addEventListener('input', draw);
  draw();
}
