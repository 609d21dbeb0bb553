import { Emitter, nameStrictly } from '../provided.ts';
import { originOf, toApp } from '../addresses.ts';
import type { CdpSession, Protocol } from '../cdp.ts';

type FrameData = Protocol.Page.Frame;

let count = 0;

/** Electron's WebFrameMain: one frame of a page; the same object for as long as the frame lives. */
export class WebFrameMain extends Emitter {
  readonly frameTreeNodeId: number;
  readonly #tree: FrameTree;
  readonly #id: string;
  readonly #parentId: string | null;
  #url = '';
  #origin = 'null';
  #name = '';

  constructor(tree: FrameTree, id: string, parentId: string | null) {
    super();
    this.#tree = tree;
    this.#id = id;
    this.#parentId = parentId;
    this.frameTreeNodeId = ++count;
  }

  /** Notes where the frame is now. */
  arrive({ url, urlFragment, securityOrigin, name }: FrameData): void {
    this.#url = toApp(`${url}${urlFragment ?? ''}`);
    this.#origin = originOf(securityOrigin);
    this.#name = name ?? '';
  }

  /** The same document at another place of it. */
  move(url: string): void {
    this.#url = toApp(url);
  }

  get url(): string {
    return this.#url;
  }
  get origin(): string {
    return this.#origin;
  }
  get name(): string {
    return this.#name;
  }
  get parent(): WebFrameMain | null {
    return this.#parentId === null ? null : this.#tree.find(this.#parentId);
  }
  get top(): WebFrameMain | null {
    return this.detached ? null : (this.parent?.top ?? this);
  }
  get frames(): WebFrameMain[] {
    return this.#tree.below(this.#id);
  }
  get framesInSubtree(): WebFrameMain[] {
    return [this, ...this.frames.flatMap((frame) => frame.framesInSubtree)];
  }
  get routingId(): number {
    return this.frameTreeNodeId;
  }
  /** One process serves all frames of a page here. */
  get processId(): number {
    return this.#tree.processId;
  }
  get osProcessId(): number {
    return this.#tree.processId;
  }
  get frameToken(): string {
    return this.#id;
  }
  get visibilityState(): string {
    return 'visible';
  }
  get detached(): boolean {
    return this.#tree.find(this.#id) !== this;
  }
  isDestroyed(): boolean {
    return this.detached;
  }

  get chromiumId(): string {
    return this.#id;
  }
  get chromiumParentId(): string | null {
    return this.#parentId;
  }

  /** Runs code in the frame's own world; its result is copied as JSON. */
  executeJavaScript(code: string): Promise<unknown> {
    return this.#tree.run(this.#id, code);
  }
}

nameStrictly(WebFrameMain, 'WebFrameMain');

/** The frames of one page, and the worlds in them. */
export class FrameTree {
  readonly processId: number;
  readonly #frames = new Map<string, WebFrameMain>();
  /** Execution contexts, by Chromium's number. */
  readonly #contexts = new Map<number, { readonly frame: string; readonly world: string }>();
  readonly #run: (contextId: number | null, code: string) => Promise<unknown>;
  #main: WebFrameMain | null = null;

  constructor(processId: number, run: (contextId: number | null, code: string) => Promise<unknown>) {
    this.processId = processId;
    this.#run = run;
  }

  get main(): WebFrameMain {
    if (this.#main === null) throw new Error('the page has no frame yet');
    return this.#main;
  }
  get hasMain(): boolean {
    return this.#main !== null;
  }

  find(id: string): WebFrameMain | null {
    return this.#frames.get(id) ?? null;
  }

  below(id: string): WebFrameMain[] {
    return [...this.#frames.values()].filter((frame) => frame.chromiumParentId === id);
  }

  run(frameId: string, code: string): Promise<unknown> {
    const found = [...this.#contexts].find(([, { frame, world }]) => frame === frameId && world === '');
    return this.#run(found?.[0] ?? null, code);
  }

  /** The newest context of a world in a frame. */
  contextOf(frameId: string, worldName: string): number | null {
    return (
      [...this.#contexts].findLast(([, { frame, world }]) => frame === frameId && world === worldName)?.[0] ?? null
    );
  }

  frameOf(contextId: number): WebFrameMain | null {
    const context = this.#contexts.get(contextId);
    return context === undefined ? null : this.find(context.frame);
  }

  /** Follows a page's frames from its events. */
  follow(session: CdpSession, mainFrame: FrameData): void {
    this.#add(mainFrame.id, null).arrive(mainFrame);
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) => void this.#add(frameId, parentFrameId));
    session.on('Page.frameNavigated', ({ frame }) => this.#add(frame.id, frame.parentId ?? null).arrive(frame));
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => this.find(frameId)?.move(url));
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'remove') this.#remove(frameId);
    });
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId, isDefault } = (context.auxData ?? {}) as { frameId?: string; isDefault?: boolean };
      if (frameId !== undefined)
        this.#contexts.set(context.id, { frame: frameId, world: isDefault === true ? '' : context.name });
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      this.#contexts.delete(executionContextId),
    );
    session.on('Runtime.executionContextsCleared', () => this.#contexts.clear());
  }

  #add(id: string, parentId: string | null): WebFrameMain {
    const known = this.#frames.get(id) ?? new WebFrameMain(this, id, parentId);
    this.#frames.set(id, known);
    if (parentId === null) this.#main = known;
    return known;
  }

  #remove(id: string): void {
    for (const frame of this.below(id)) this.#remove(frame.chromiumId);
    this.#frames.delete(id);
  }
}
