using System.Globalization;
using System.Numerics;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>Names, literals, lists and dicts.</summary>
internal sealed partial class ExpressionParser
{
    private Expression ParsePrimary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Next();
                return token.Text switch
                {
                    "true" or "True" => new ConstantExpression(true),
                    "false" or "False" => new ConstantExpression(false),
                    "none" or "None" => new ConstantExpression(null),
                    _ => new NameExpression(token.Text),
                };
            case TokenKind.String:
                var text = "";
                while (tokens.Is(TokenKind.String))
                {
                    text += tokens.Next().Text;
                }

                return new ConstantExpression(text);
            case TokenKind.Integer:
                tokens.Next();
                return new ConstantExpression(ReadInteger(token.Text.Replace("_", "", StringComparison.Ordinal)));
            case TokenKind.Float:
                tokens.Next();
                return new ConstantExpression(double.Parse(token.Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Text == "(":
                tokens.Next();
                var tuple = ParseTuple(isInParentheses: true);
                tokens.ExpectOperator(")");
                return tuple;
            case TokenKind.Operator when token.Text == "[":
                return ParseList();
            case TokenKind.Operator when token.Text == "{":
                return ParseDict();
            default:
                throw tokens.Unexpected();
        }
    }

    private static BigInteger ReadInteger(string digits) => digits.Length > 1 && char.ToLowerInvariant(digits[1]) is var kind and ('x' or 'o' or 'b')
        ? digits.Skip(2).Aggregate(BigInteger.Zero, (sum, digit) => (sum * (kind == 'x' ? 16 : kind == 'o' ? 8 : 2)) + Convert.ToInt32(digit.ToString(), 16))
        : digits.Length > 4300 ? throw PyException.ValueError("Exceeds the limit (4300 digits) for integer string conversion")
        : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private ListExpression ParseList()
    {
        tokens.ExpectOperator("[");
        var items = new List<Expression>();
        while (!tokens.IsOperator("]"))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
            }

            if (tokens.IsOperator("]"))
            {
                break;
            }

            items.Add(Parse());
        }

        tokens.ExpectOperator("]");
        return new ListExpression(items);
    }

    private DictExpression ParseDict()
    {
        tokens.ExpectOperator("{");
        var items = new List<(Expression, Expression)>();
        while (!tokens.IsOperator("}"))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
            }

            if (tokens.IsOperator("}"))
            {
                break;
            }

            var key = Parse();
            tokens.ExpectOperator(":");
            items.Add((key, Parse()));
        }

        tokens.ExpectOperator("}");
        return new DictExpression(items);
    }
}
