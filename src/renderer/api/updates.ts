import type { RouteInput } from '../../contract/routes.ts';
import { call } from './client.ts';

/** Asks for a file; null when the person closed the dialog. */
export const chooseFile = () => call('files.choose', undefined);
/** Shows a file in the system's file manager. */
export const revealFile = (fileId: string) => call('files.reveal', { fileId });
/** What is known of an input before a job is made of it. */
export const lookAtInput = (input: RouteInput<'updates.look'>) => call('updates.look', input);
/** Reads an input into a new job, checked and ready; `importing` events tell how far it is. */
export const importRows = (input: RouteInput<'updates.import'>) => call('updates.import', input);
/** Saves an operation's empty table; null when the person closed the dialog. */
export const saveTemplate = (input: RouteInput<'updates.template'>) => call('updates.template', input);
export const stopImport = (importId: string) => call('updates.stopImport', { importId });
