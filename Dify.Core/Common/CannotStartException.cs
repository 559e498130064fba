namespace Dify.Core.Common;

/// <summary>The program cannot start, and the message tells whoever runs it what to change: it is shown without a stack trace.</summary>
public sealed class CannotStartException(string message, Exception? inner = null) : InvalidOperationException(message, inner);
