namespace Dify.Core.Workflows.Engine;

/// <summary>The conversation before this run, oldest first; nodes with a memory read it from <see cref="RunContext"/>.</summary>
public sealed record ConversationHistory(IReadOnlyList<HistoryMessage> Messages);

/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
public sealed record HistoryMessage(string Role, string Text);
