import type { Catalogue } from '../catalogue';

/** Simplified Chinese of shared components. */
export const kit: Catalogue = {
  texts: {
    '%1 %2 used, no limit': '已用 %1 %2，无上限',
    '%1 earlier lines are not shown; download the log to see them.': '更早的 %1 行未显示；请下载日志查看。',
    '%1 more': '另有 %1 项',
    '%1 rows so far': '目前 %1 行',
    'Copy as CSV': '复制为 CSV',
    'Copy the %1 loaded rows': '复制已加载的 %1 行',
    'Copy the name': '复制名称',
    Follow: '跟随',
    'Insert into notebook': '插入 Notebook',
    Language: '语言',
    'Limit %1, used %2, requested %3': '上限 %1，已用 %2，申请 %3',
    'Loading more; %1 so far': '正在加载更多；目前 %1 项',
    'Log scale': '对数刻度',
    'More actions': '更多操作',
    'Nothing else is affected.': '不影响其他内容。',
    'Part of the log': '日志部分',
    'Python cell': 'Python 单元',
    'Search the log': '搜索日志',
    Smoothing: '平滑',
    'This cannot be undone. Type %1 to confirm.': '此操作无法撤消。请输入 %1 以确认。',
    'Try again': '重试',
    'Waiting for more': '等待更多内容',
    Wrap: '自动换行',
    'answer …%1': '回答 …%1',
    'document …%1': '文档 …%1',
    'job …%1': '作业 …%1',
    'pipeline run …%1': '流水线运行 …%1',
    'run …%1': '运行 …%1',
    'This is what happens:': '将会发生：',
    cores: '核',
    GPUs: 'GPU',
    jobs: '个作业',
    workspaces: '个工作区',
    tokens: 'token'
  },
  counted: {
    '%2 line': '%2 行',
    '%2 line found': '找到 %2 行'
  }
};
