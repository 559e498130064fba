using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Models.Calls;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Prompts;

/// <summary>Names the failures of a model as Dify's flows know them.</summary>
internal static class ModelFailures
{
    public static NodeFailedException ToFailure(DifyException problem, JsonObject inputs, JsonObject processData) =>
        new(problem.Message, TypeOf(problem), problem.Code, problem) { Inputs = inputs, ProcessData = processData };

    private static string TypeOf(DifyException problem) => problem is ModelCallException call
        ? call.ErrorType
        : problem.Status >= 500 ? "InvokeServerUnavailableError" : "InvokeError";
}
