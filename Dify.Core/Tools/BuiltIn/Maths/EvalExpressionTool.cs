namespace Dify.Core.Tools.BuiltIn.Maths;

/// <summary><c>eval_expression</c>: calculates, and says it in Dify's words.</summary>
internal static class EvalExpressionTool
{
    public static ITool Create() => new TextTool(
        new ToolDescription(
            "eval_expression", "Evaluate Math Expression", "A tool for evaluating a math expression, such as (2 + 3) * sqrt(16).",
            [new ToolParameter("expression", "Math Expression", ToolParameterKind.Text, true, "What to calculate.")]),
        call => Evaluate(call.Text("expression").Trim()));

    private static string Evaluate(string expression)
    {
        if (expression.Length == 0)
        {
            return "Invalid expression";
        }

        try
        {
            return $"The result of the expression \"{expression}\" is {Expression.Evaluate(expression)}";
        }
        catch (Exception problem) when (problem is FormatException or DivideByZeroException or OverflowException)
        {
            return $"Invalid expression: {expression}, error: {problem.Message}";
        }
    }
}
