/** Small helpers to make and change elements. */

/** The element of an id. */
export const byId = id => document.getElementById(id);

/** A new element with attributes and contents; texts are texts, never markup. */
export function element(name, attributes = {}, ...contents) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...contents);
  return made;
}

/** Sets a text, and touches the page only if it changed: screen readers speak on every touch. */
export function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}
