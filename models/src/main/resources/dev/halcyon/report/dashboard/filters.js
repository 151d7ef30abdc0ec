/** The first layer's weights as small pictures. */
import { byId, setText } from './dom.js';
import { filterCanvases } from './maps.js';

/** Shows {name, count, outputs, height, width, channels, values}. */
export function showFilters(filters) {
  const { name, count, outputs, height, width, channels } = filters;
  byId('filters-section').hidden = false;
  setText(byId('filters-facts'), `${name}: ${count} of ${outputs} filters of ${height}×${width}×${channels},`
      + ' each from its most negative weight (dark) to its most positive (bright)');
  byId('filters').replaceChildren(...filterCanvases(filters));
}
