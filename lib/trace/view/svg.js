// @ts-check
/// <reference lib="dom" />
/** SVG elements, made one by one: never from text that could be markup. */

/**
 * An SVG element.
 *
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(
      key,
      typeof value === "number" ? value.toFixed(1) : value,
    );
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} name
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
export function line(name, x1, y1, x2, y2) {
  return svg("line", { class: name, x1, y1, x2, y2 });
}
