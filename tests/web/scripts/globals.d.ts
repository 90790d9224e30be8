// What the scripts share, and what they know of the page: elements that are found by a selector, or
// that an event comes from, are those that the templates have.
interface Window {
  assistantChat: any;
  assistantTabs: any;
}
interface EventTarget {
  closest: any;
  readonly dataset: DOMStringMap;
  elements: any;
  matches: any;
  value: any;
}
interface Node {
  data: string;
  matches: any;
}
interface Element {
  close(): void;
  readonly dataset: DOMStringMap;
  disabled: boolean;
  elements: any;
  focus(options?: FocusOptions): void;
  showModal(): void;
  value: any;
}
interface Event {
  detail: any;
  key: string;
}
// of Gradio, in bridge.js
declare const element: HTMLElement;
declare function trigger(name: string, detail: unknown): void;
interface Element {
  dir: string;
  href: string;
  onclose: any;
  placeholder: string;
}
interface SVGScriptElement {
  src: string;
}
