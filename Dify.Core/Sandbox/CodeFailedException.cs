using Dify.Core.Common;

namespace Dify.Core.Sandbox;

/// <summary>Code of a user broke, ran into a limit, or returned something that is no object. The message is the language's own.</summary>
public sealed class CodeFailedException(string message, Exception? inner = null)
    : DifyException(ErrorCodes.CodeExecutionError, message, 400, inner);
