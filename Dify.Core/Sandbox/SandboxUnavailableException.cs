using Dify.Core.Common;

namespace Dify.Core.Sandbox;

/// <summary>Code cannot be run here safely, so it was not run. The message says what the operator has to start.</summary>
public sealed class SandboxUnavailableException(string message, Exception? inner = null)
    : DifyException(ErrorCodes.CodeExecutionError, message, 503, inner);
