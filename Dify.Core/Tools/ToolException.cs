using Dify.Core.Common;

namespace Dify.Core.Tools;

/// <summary>A tool could not be found or called; the message tells what a person can do.</summary>
/// <param name="errorType">Dify's class-style name for nodes, such as <c>ToolInvokeError</c>.</param>
public sealed class ToolException(string message, string errorType, Exception? inner = null)
    : DifyException(ErrorCodes.ToolError, message, 400, inner)
{
    public string ErrorType { get; } = errorType;

    public static ToolException Missing(string message) => new(message, "ToolProviderNotFoundError");

    public static ToolException BadParameter(string message) => new(message, "ToolParameterError");

    public static ToolException Failed(string message, Exception? inner = null) => new(message, "ToolInvokeError", inner);
}
