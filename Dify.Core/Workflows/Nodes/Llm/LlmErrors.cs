using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.Llm;

/// <summary>Names the failures of a model as Dify's flows know them.</summary>
internal static class LlmErrors
{
    public static NodeFailedException ToFailure(DifyException problem, JsonObject inputs, JsonObject processData) =>
        new(problem.Message, TypeOf(problem), problem.Code, problem) { Inputs = inputs, ProcessData = processData };

    private static string TypeOf(DifyException problem) => problem.Code switch
    {
        ErrorCodes.ProviderNotInitialize => "InvokeAuthorizationError",
        ErrorCodes.ProviderQuotaExceeded or ErrorCodes.RateLimitError or ErrorCodes.TooManyRequests => "InvokeRateLimitError",
        ErrorCodes.ModelCurrentlyNotSupport => "ModelNotExistError",
        ErrorCodes.InvalidParam or ErrorCodes.BadRequest => "InvokeBadRequestError",
        _ => problem.Status >= 500 ? "InvokeServerUnavailableError" : "InvokeError",
    };
}
