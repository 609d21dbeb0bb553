import { Emitter, nameStrictly } from '../provided.ts';

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

let size: Area = { x: 0, y: 0, width: 1280, height: 800 };

/** The display's size, as the host found it. */
export function setDisplay(width: number, height: number): void {
  size = { x: 0, y: 0, width, height };
}

export const workArea = (): Area => ({ ...size });

interface Display {
  readonly id: number;
  readonly bounds: Area;
  readonly workArea: Area;
  readonly size: { readonly width: number; readonly height: number };
  readonly workAreaSize: { readonly width: number; readonly height: number };
  readonly scaleFactor: number;
  readonly rotation: number;
  readonly internal: boolean;
}

function display(): Display {
  const { width, height } = size;
  return {
    id: 1,
    bounds: workArea(),
    workArea: workArea(),
    size: { width, height },
    workAreaSize: { width, height },
    scaleFactor: 1,
    rotation: 0,
    internal: false,
  };
}

/** Electron's `screen`: one display. */
class Screen extends Emitter {
  getPrimaryDisplay = (): Display => display();
  getAllDisplays = (): Display[] => [display()];
  getDisplayMatching = (): Display => display();
  getDisplayNearestPoint = (): Display => display();
  getCursorScreenPoint = (): { x: number; y: number } => ({ x: 0, y: 0 });
}

nameStrictly(Screen, 'screen');

export const screen = new Screen();
