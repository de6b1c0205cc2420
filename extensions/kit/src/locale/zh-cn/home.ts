import type { Catalogue } from '../catalogue';

/** Simplified Chinese of the shell. */
export const home: Catalogue = {
  texts: {
    '%1 failed': '%1 失败',
    '%1 is done': '%1 已完成',
    '%1 is ready': '%1 已就绪',
    '%1 was cancelled': '%1 已取消',
    'Everything in it is being removed.': '其中的所有内容正在被移除。',
    'Insert a cell into the notebook': '在 Notebook 中插入单元',
    'Live updates are interrupted; trying again.': '实时更新中断；正在重试。',
    'My tenant': '我的租户',
    'Open Stratalab': '打开 Stratalab',
    'Open a Stratalab object': '打开 Stratalab 对象',
    'Open the page of this tenant': '打开本租户的页面',
    'Quotas and members of the tenant you work in': '所在租户的配额和成员',
    'Show the Stratalab sidebar': '显示 Stratalab 侧边栏',
    'Signed in as %1, %2 of this tenant': '已登录为 %1，本租户的%2',
    'Switch tenant': '切换租户',
    'This tenant has no members yet.': '此租户还没有成员。',
    admin: '管理员',
    editor: '编辑者',
    reconnecting: '正在重新连接',
    viewer: '查看者'
  },
  counted: {}
};
