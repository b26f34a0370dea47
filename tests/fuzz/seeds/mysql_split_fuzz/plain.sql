-- MySQL dump 10.13
-- Current Database: `a`
USE `a`;
-- Current Database: `b`
USE `b`;
/*!1 SET X=@OLD_X */;
-- Dump completed
