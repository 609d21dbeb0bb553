import type { RouteRecordRaw } from 'vue-router';
import { createRouter, createWebHashHistory } from 'vue-router';
import OrdersScreen from '../screens/orders/OrdersScreen.vue';

/** One address a place: a job's opens it again where it stands. */
export const routes: readonly RouteRecordRaw[] = [
  { path: '/', redirect: '/orders' },
  { path: '/welcome', name: 'welcome', component: () => import('../screens/welcome/WelcomeScreen.vue') },
  { path: '/orders', name: 'orders', component: OrdersScreen },
  { path: '/orders/kept', name: 'kept', component: () => import('../screens/kept/KeptScreen.vue') },
  { path: '/orders/pictures', name: 'pictures', component: () => import('../screens/kept/PicturesScreen.vue') },
  { path: '/update', name: 'update', component: () => import('../screens/update/UpdateScreen.vue') },
  { path: '/jobs', name: 'jobs', component: () => import('../screens/jobs/JobsScreen.vue') },
  {
    path: '/jobs/:jobId(\\d+)',
    name: 'job',
    component: () => import('../screens/update/UpdateScreen.vue'),
    props: ({ params }) => ({ jobId: Number(params['jobId']) }),
  },
  { path: '/accounts', name: 'accounts', component: () => import('../screens/accounts/AccountsScreen.vue') },
  { path: '/sign', name: 'sign', component: () => import('../screens/sign/SignScreen.vue') },
  { path: '/audit', name: 'audit', component: () => import('../screens/audit/AuditScreen.vue') },
  { path: '/backup', name: 'backup', component: () => import('../screens/backup/BackupScreen.vue') },
  { path: '/settings', name: 'settings', component: () => import('../screens/settings/SettingsScreen.vue') },
  { path: '/:rest(.*)*', redirect: '/orders' },
];

export const router = createRouter({ history: createWebHashHistory(), routes: [...routes] });
