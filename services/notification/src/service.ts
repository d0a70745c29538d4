import { defineService, type ServiceContext } from '@tradepost/runtime/service';
import { type NotificationSettings, notificationSettings } from './config.ts';

export const notificationService = defineService({
  name: 'notification',
  settings: notificationSettings,
  migrations: new URL('../migrations/', import.meta.url),
  create(_service: ServiceContext<NotificationSettings>) {
    return { http() {}, handlers: {} };
  },
});
