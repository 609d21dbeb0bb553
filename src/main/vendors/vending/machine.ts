import { damagedOrder, problemOf } from '../shared/check.ts';
import type { Problem } from '../types.ts';
import { MACHINE_NO } from './fields.ts';

/** A row's problems with that of a machine number that a spreadsheet damaged in place of its others of the same field. */
export function machineProblems(machineNo: string, problems: readonly Problem[]): readonly Problem[] {
  if (!/[.,+]/u.test(machineNo) || !damagedOrder(machineNo)) return problems;
  const damaged = problemOf('vending.machine_no_damaged', MACHINE_NO, {
    zh: `“${machineNo}”被表格软件改坏了；请把该列设为“文本”后重新导出`,
    en: `"${machineNo}" was damaged by a spreadsheet; set the column to "Text" and export again`,
  });
  return [...problems.filter(({ field }) => field !== MACHINE_NO.id), damaged];
}

/** A warning of a machine number that is not 8 digits. */
export function machineWarning(machineNo: string): readonly Problem[] {
  if (/^\d{8}$/.test(machineNo)) return [];
  return [
    problemOf('vending.machine_no', MACHINE_NO, {
      zh: '一般是 8 位数字，请核对（前面的 0 可能丢了；也有商户用更长的编号）',
      en: 'is normally 8 digits, please compare (a leading zero may be lost; some merchants have longer ones)',
    }),
  ];
}
