/** What one step of gradient descent on the picture does. */
import { element } from './dom.js';
import { number, probability } from './format.js';
import { shown } from './rails.js';

function table(kind, heads, rows, form) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': heads[0] },
      element('table', { class: kind }, element('thead', {},
          element('tr', {}, ...heads.map(head => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows.map(([first, ...others]) => element('tr', {}, element('th', { scope: 'row' }, first),
          ...others.map(value => element('td', { 'data-value': String(value) }, form(value))))))));
}

/** Fills a box with the answers before and after, and the weights that move most. */
export function showUpdate(box, { update, probabilities, classes, truth }) {
  box.replaceChildren(
      element('p', {}, `Learning rate ${number(update.rate)}.`),
      element('div', { class: 'updates' },
          element('div', {}, element('h3', {}, 'The answers'), table('answers', ['class', 'before', 'after'],
              shown(probabilities, truth).map(label => [classes[label], probabilities[label], update.probabilities[label]]), probability)),
          element('div', {}, element('h3', {}, 'The weights that move most'), table('changes', ['weight', 'before', 'after', 'change'],
              update.changes.map(change => [`${change.name} [${change.index.join(', ')}]`, change.before, change.after,
                change.after - change.before]), number),
          element('p', { class: 'quiet' }, 'In brackets: row and column in a filter, whom it hears, who hears.'))));
}
