/** What a single-file component is for tools that do not read it; vue-tsc does. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
