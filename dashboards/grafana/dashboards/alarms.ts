import { latestAlarms, openBySeverity, unacknowledged } from '../panels/alarm-panels.ts';
import { ALARM_RATE_LIMITS } from '../panels/limits.ts';
import { series } from '../panels/panels.ts';
import { suffix } from '../panels/units.ts';
import { as, count, influxql, max } from '../queries/influxql.ts';
import { venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const ALARMS = suffix('alarms');

export const alarms = () =>
  dashboardOf({
    uid: 'muster-alarms',
    title: { zh: '报警', en: 'Alarms' },
    about: {
      zh: '什么在报警，有没有人接，报警量一个人能否应付，当晚发生了什么。',
      en: 'What is open, whether somebody has it, whether there is more than one person can handle, and what happened.',
    },
    variables: [venueOf('alarm'), zoneOf('alarm')],
    panels: [
      openBySeverity(16),
      unacknowledged(8),
      series({
        title: { zh: '每 10 分钟新报警', en: 'Raised per 10 minutes' },
        about: {
          zh: '线：一名值班人员每 10 分钟可长期应付 1 个，10 个即为报警泛滥（ANSI/ISA-18.2）。',
          en: 'Lines: one operator can handle 1 in 10 minutes for long; 10 are a flood (ANSI/ISA-18.2).',
        },
        unit: ALARMS,
        draw: 'bars',
        min: 0,
        limits: ALARM_RATE_LIMITS,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(count('alarm', 'severity'), 'raised')],
              where: [`"event" = 'raised'`],
              every: '10m',
              fill: '0',
            }),
            alias: '新报警 raised',
          },
        ],
      }),
      series({
        title: { zh: '各类规则的新报警', en: 'Raised by kind of rule' },
        about: {
          zh: '每 10 分钟，按规则种类叠加：哪种规则最常报警。',
          en: 'Of each ten minutes, stacked: which kind of rule raises most.',
        },
        unit: ALARMS,
        draw: 'bars',
        stacked: true,
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(count('alarm', 'severity'), 'raised')],
              where: [`"event" = 'raised'`],
              by: ['kind'],
              every: '10m',
            }),
            alias: '$tag_kind',
          },
        ],
      }),
      series({
        title: { zh: '报警的经过', en: 'Events' },
        about: {
          zh: '每 10 分钟的报警事件，按种类叠加：升级多而确认少，说明没有人应答。',
          en: 'Alarm events of each ten minutes, stacked: many escalations and few acknowledgements mean that nobody answers.',
        },
        unit: suffix('events'),
        draw: 'bars',
        stacked: true,
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(count('alarm', 'open'), 'events')],
              by: ['event'],
              every: '10m',
            }),
            alias: '$tag_event',
          },
        ],
      }),
      series({
        title: { zh: '迟到的求助', en: 'Late calls for help' },
        about: {
          zh: '求助比其发生时间晚到多少：网络或胸牌有问题。',
          en: 'How late calls for help arrived, by their own stamps: trouble of the network or a badge.',
        },
        unit: 's',
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(max('alarm', 'lateBySeconds'), 'late')],
              by: ['subject'],
              every: '10m',
            }),
            alias: '$tag_subject',
          },
        ],
      }),
      latestAlarms(500),
    ],
  });
