using Dify.Core.Common;

namespace Dify.Core.Models.Calls;

/// <summary>A call to a model failed; the message tells what a person can do and contains no credentials.</summary>
/// <param name="errorType">Dify's class-style name for nodes, such as <c>InvokeRateLimitError</c>.</param>
public sealed class ModelCallException(string code, string message, string errorType, Exception? inner = null)
    : DifyException(code, message, 400, inner)
{
    public string ErrorType { get; } = errorType;
}
