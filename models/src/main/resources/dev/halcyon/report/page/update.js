/** What one step of gradient descent on the picture does. */
import { byId, element } from './dom.js';
import { number } from './format.js';
import { shown } from './rails.js';

function table(kind, heads, rows) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': kind },
      element('table', { class: kind }, element('thead', {},
          element('tr', {}, ...heads.map(head => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows.map(([first, ...others]) => element('tr', {}, element('th', { scope: 'row' }, first),
          ...others.map(value => element('td', { 'data-value': String(value) }, number(value))))))));
}

export function showUpdate({ update, probabilities, classes, truth }) {
  byId('update').replaceChildren(
      element('p', {}, `Learning rate ${number(update.rate)}.`),
      table('answers', ['class', 'before', 'after'], shown(probabilities, truth).map(label =>
        [classes[label], probabilities[label], update.probabilities[label]])),
      element('h3', {}, 'The weights that change most'),
      table('changes', ['weight', 'before', 'after'], update.changes.map(change =>
        [`${change.name} [${change.index.join(', ')}]`, change.before, change.after])));
}
