import { readFileSync } from 'node:fs';

/** Electron's NativeImage, for PNG alone. */
export class NativeImage {
  readonly #png: Buffer;

  constructor(png: Buffer) {
    this.#png = png;
  }

  static fromPng(png: Buffer): NativeImage {
    return new NativeImage(png);
  }

  isEmpty = (): boolean => this.#png.length === 0;
  toPNG = (): Buffer => this.#png;
  toDataURL = (): string => `data:image/png;base64,${this.#png.toString('base64')}`;
  /** From the PNG's own head. */
  getSize = (): { width: number; height: number } =>
    this.#png.length < 24
      ? { width: 0, height: 0 }
      : { width: this.#png.readUInt32BE(16), height: this.#png.readUInt32BE(20) };
  setTemplateImage = (): void => undefined;
}

export const nativeImage = {
  createEmpty: (): NativeImage => new NativeImage(Buffer.alloc(0)),
  createFromBuffer: (buffer: Buffer): NativeImage => new NativeImage(buffer),
  createFromPath(file: string): NativeImage {
    try {
      return new NativeImage(readFileSync(file));
    } catch {
      return new NativeImage(Buffer.alloc(0));
    }
  },
};
