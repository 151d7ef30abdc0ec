/** What came of both networks on fresh pictures. */
import { byId, element } from './dom.js';
import { number, percent } from './format.js';

function row(name, { right, images }, weights, by) {
  return element('tr', {}, element('th', { scope: 'row' }, name), element('td', { 'data-value': String(right) }, percent(right)),
      element('td', {}, images.toLocaleString('en')), element('td', {}, weights.toLocaleString('en')), element('td', {}, by));
}

function verdict(who, answer, right) {
  return element('span', { class: right ? 'right' : 'wrong' }, `${who}: ${answer}${right ? ' ✓' : ' ✗'}`);
}

/** Fills the table and the list of mistakes. */
export function showResults({ hand, learned, weights, looks, seconds, mistakes }) {
  byId('results').tBodies[0].replaceChildren(row('wired by hand', hand, weights, 'a person'),
      row('learned', learned, weights, `looking at ${looks.toLocaleString('en')} pictures, ${number(seconds)} s`));
  byId('mistakes-title').hidden = mistakes.length === 0;
  byId('mistakes').replaceChildren(...mistakes.map(mistake => element('li', {},
      element('img', { src: mistake.picture, alt: `a ${mistake.name}` }), element('b', {}, mistake.name),
      verdict('by hand', mistake.hand, mistake.hand_right), verdict('learned', mistake.learned, mistake.learned_right))));
}
