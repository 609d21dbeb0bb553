interface ImportMeta {
  /** What the build knows: in builds `DEV` is false, and what hangs on it is gone. */
  readonly env: { readonly DEV: boolean };
}
